"""A QR code as a drawing: a telephone reads from paper what nobody would type."""

import qrcode

LONGEST = 1200
"""The most bytes that a telephone still reads from a code printed 60 mm wide: 0.5 mm a module (ISO/IEC 18004)."""


def qr(text: str) -> str:
    """The text as an SVG element whose side is given by the style sheet; black on white with its quiet zone."""
    code = qrcode.QRCode(
        error_correction=qrcode.ERROR_CORRECT_M if len(text) < LONGEST // 2 else qrcode.ERROR_CORRECT_L
    )
    code.add_data(text)
    code.make()
    rows = code.get_matrix()
    dots = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    side = len(rows)
    return (
        f'<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path d="{dots}"/></svg>'
    )
