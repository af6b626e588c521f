"""Webhooks: subscriptions and deliveries."""
