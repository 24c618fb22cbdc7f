"""Notices to people: in the application, by e-mail, and through WeCom, DingTalk and Feishu robots."""
