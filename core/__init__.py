"""The ground floor: who may act, and doing things once; it imports no other room."""
