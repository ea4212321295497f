"""The ground that every room stands on: money, periods, findings, workings, digests and refusals."""
