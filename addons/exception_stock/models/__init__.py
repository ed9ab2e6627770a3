from . import (
    exception_case,
    stock_move,
    stock_move_line,
    stock_picking,
    stock_quant,
    stock_scrap,
)
