"""Signing in at an identity provider of the school's network: OpenID Connect and CAS, and nothing of accounts."""
