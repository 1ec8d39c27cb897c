"""All files that can be loaded, in the order in which they refer to each other."""

from data.importing import accounts_files, company_files, dealings_files, goods_files, visits_files
from data.importing.layout import Layout

LAYOUTS: tuple[Layout, ...] = (
    *company_files.LAYOUTS,
    *goods_files.LAYOUTS,
    *dealings_files.LAYOUTS,
    *accounts_files.LAYOUTS,
    *visits_files.LAYOUTS,
)
