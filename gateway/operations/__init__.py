"""Which document is asked, and so for which purpose: registered operations, and free ones in the explorer."""
