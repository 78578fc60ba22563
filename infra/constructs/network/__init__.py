"""How audio and webhooks come in: the VPC, CloudFront and its balancer, the API's stage."""
