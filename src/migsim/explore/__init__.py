"""A page in the browser on which one world is lived year by year, beside the same world without a forum.

``life`` is what a page looks at, ``choices`` and ``levers`` what a visitor sets, ``words`` and ``dots`` what
is shown of a year, ``drawing`` the figures. They know nothing of browsers. ``page`` puts them together of
solara's components, and ``serving`` serves it to this computer alone. Only ``page`` and ``widgets`` import
solara, and only ``serving`` imports them.
"""
