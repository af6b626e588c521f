"""Tests of what turns say of the wishes before them."""
