"""Weights of networks: where they lie, and how they are downloaded, verified, tried and removed."""
