"""How much text stands out from what is behind it, as WCAG 2.2 counts it (success criteria 1.4.3 and 1.4.11)."""

from __future__ import annotations

from playwright.async_api import Page

TEXT, ICON = 4.5, 3.0
CONTRAST = """(selectors) => selectors.map((selector) => {
  const channels = (text) => { const [r, g, b, alpha = 1] = text.match(/[\\d.]+/g).map(Number); return [r, g, b, alpha]; };
  const over = (top, under) => under.map((each, index) => top[index] * top[3] + each * (1 - top[3]));
  const light = (colour) => colour.map((each) => each / 255)
    .map((each) => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
    .reduce((sum, each, index) => sum + each * [0.2126, 0.7152, 0.0722][index], 0);
  const one = document.querySelector(selector);
  const behind = [];
  for (let each = one; each; each = each.parentElement) behind.unshift(getComputedStyle(each).backgroundColor);
  const paper = behind.reduce((under, each) => over(channels(each), under), [255, 255, 255]);
  const [ink, ground] = [over(channels(getComputedStyle(one).color), paper), paper].map(light);
  return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
})"""


async def faint(page: Page, *selectors: str, least: float = TEXT) -> dict[str, float]:
    """Return the contrast of the first element of each selector where it is below the least."""
    ratios = dict(zip(selectors, await page.evaluate(CONTRAST, selectors), strict=True))
    return {name: ratio for name, ratio in ratios.items() if ratio < least}
