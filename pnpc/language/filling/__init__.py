"""Expressions filled with data: dates, times, numbers and amounts as Japan, Thailand and Taiwan write them."""
