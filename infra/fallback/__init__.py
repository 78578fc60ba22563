"""What callers get when nothing else of ours answers: static TwiML at CloudFront's edge."""
