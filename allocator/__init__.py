"""Exact allocation of shared-system costs over Japan's prefectures and municipalities."""

__version__ = "0.1.0"
