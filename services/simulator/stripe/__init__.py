"""A stand-in for Stripe: as strict as its API, and it signs its webhooks as Stripe does."""
