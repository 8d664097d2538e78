"""A headless Chromium for tests, through Debian's chromium-driver and python3-selenium.

    import browser
    with browser.open() as page:
        page.get("file:///…/results.html")
        browser.screen(page, 375, 812, dark=True)
        browser.complaints(page)

Run it with /usr/bin/python3, and by `setpriv --pdeathsig TERM`, so that the browser ends with the
test whatever happens. It reaches nothing but this machine.
"""

import base64
import contextlib
import os
import shutil
import signal
import sys
import tempfile

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

ARGUMENTS = [
    "--headless=new",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--lang=en-GB",
    "--proxy-server=direct://",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


@contextlib.contextmanager
def open(*arguments):
    """A WebDriver; the browser and its folder are gone at the end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = tempfile.mkdtemp(prefix="browser.", dir=os.environ.get("BATS_TEST_TMPDIR"))
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for argument in [*ARGUMENTS, "--user-data-dir=" + folder, *arguments]:
        options.add_argument(argument)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = None
    try:
        driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        driver.set_page_load_timeout(60)
        driver.set_script_timeout(60)
        yield driver
    finally:
        if driver is not None:
            driver.quit()
        shutil.rmtree(folder, ignore_errors=True)


def screen(driver, width, height, dark=False):
    """The size of the window, and which colours its user prefers."""
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
        "features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})


def complaints(driver):
    """What the console has said since the last call."""
    return [entry["message"] for entry in driver.get_log("browser")]


def picture(driver, path):
    """The whole page as PNG, to be looked at."""
    size = driver.execute_script(
        "const e = document.documentElement; return [e.clientWidth, e.scrollHeight]")
    data = driver.execute_cdp_cmd("Page.captureScreenshot", {
        "format": "png", "captureBeyondViewport": True,
        "clip": {"x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 1}})["data"]
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666), "wb") as file:
        file.write(base64.b64decode(data))


# Texts whose contrast to what is behind them is below 4.5 (WCAG AA), as "2.1 text".
CONTRAST = """
const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
function rgba(colour) {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data];
}
function behind(element) {
  for (let e = element; e; e = e.parentElement) {
    const colour = rgba(getComputedStyle(e).backgroundColor);
    if (colour[3] === 255) return colour;
  }
  return [255, 255, 255, 255];
}
function luminance(colour) {
  const [r, g, b] = colour.slice(0, 3).map(
      (v) => v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
const weak = new Set();
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || !element.getClientRects().length ||
      ['title', 'desc', 'style', 'script'].includes(element.localName)) continue;
  const style = getComputedStyle(element);
  const svg = element instanceof SVGElement;
  const a = luminance(rgba(svg ? style.fill : style.color)), b = luminance(behind(element));
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < 4.5) weak.add(ratio.toFixed(1) + ' ' + walker.currentNode.data.slice(0, 60));
}
return [...weak];
"""


def weak_contrasts(driver):
    return driver.execute_script(CONTRAST)
