"""Services for firms besides their requests: ledgers of instruments, reminders, subscriptions."""
