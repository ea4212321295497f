"""Adapters to programs that compute: forecasts, data frames."""
