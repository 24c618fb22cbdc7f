"""Programs that only a checkout needs: none of them is part of the product."""
