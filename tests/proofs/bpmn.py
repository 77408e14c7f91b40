"""Pictures of every SOP of the office and every example as bpmn-js shows it, with what bpmn-moddle warns of.

Usage: python -m tests.proofs.bpmn NODE_MODULES [--out DIR]

NODE_MODULES is a folder into which `npm install bpmn-js` was done (it brings bpmn-moddle). Needs Chromium. Writes a
PNG for each SOP, and ends with 1 where anything is warned of.
"""

import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from sopctl.form.bpmn import write_bpmn
from sopctl.sop.decode import read_sop

SOPS = Path(__file__).parents[2] / "sops"
SHOW = """async xml => {
  const viewer = new BpmnJS({container: '#canvas'});
  const {warnings} = await viewer.importXML(xml);
  const {width, height} = viewer.get('canvas').viewbox().inner;
  document.querySelector('#canvas').style.cssText = `width:${width + 20}px;height:${height + 20}px`;
  viewer.get('canvas').resized();
  viewer.get('canvas').zoom('fit-viewport');
  return warnings.map(one => one.message);
}"""


def main() -> None:
    """Draw all SOPs."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.bpmn", description="SOPs as bpmn-js shows them.")
    parser.add_argument("modules", type=Path, help="the node_modules with bpmn-js")
    parser.add_argument("--out", type=Path, default=Path("proofs"), help="the folder to write to")
    asked = parser.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None or not (asked.modules / "bpmn-js").is_dir():
        raise SystemExit("Chromium or bpmn-js is missing.")
    asked.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        warned = list(_draw_all(browser, asked.modules / "bpmn-js" / "dist", asked.out))
    raise SystemExit("\n".join(warned) or None)


def _draw_all(browser: Browser, dist: Path, out: Path) -> Iterator[str]:
    """Write the picture of each SOP; what was warned of."""
    for path in sorted(SOPS.rglob("*.yaml")):
        sop, _ = read_sop(path.read_bytes(), path.name)
        if sop is not None:
            with browser.new_page() as page:
                page.set_content('<body style="margin:0"><div id="canvas" style="width:900px;height:600px"></div>')
                page.add_script_tag(path=dist / "bpmn-viewer.production.min.js")
                page.add_style_tag(path=dist / "assets" / "bpmn-js.css")
                yield from (f"{path.stem}: {one}" for one in page.evaluate(SHOW, write_bpmn(sop).decode()))
                page.locator("#canvas").screenshot(path=out / f"{path.stem}.png")


if __name__ == "__main__":
    main()
