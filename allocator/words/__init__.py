"""A rule, a step, a payer in words, once, in Japanese and English."""
