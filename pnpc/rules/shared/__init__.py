"""What rules of several families share: a message's texts, links and media."""
