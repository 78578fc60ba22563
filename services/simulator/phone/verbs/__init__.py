"""TwiML followed: a module for each verb that is more than a sentence."""
