"""Exports: files for marketplaces, made within a request or by an export job."""
