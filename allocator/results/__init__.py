"""What a run comes to: the allocation, how far it agrees with a list, the year before."""
