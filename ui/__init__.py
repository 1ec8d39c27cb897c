"""What the screens share: who asks, the visit frame, saving, badges and own elements."""
