"""What an operator runs beside `cdk deploy`: the secrets before it, the connections after it."""
