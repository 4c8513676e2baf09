"""The page of hpogrid report --to_html in a real browser: it renders, brushes filter, nothing complains, nothing is fetched."""
import os
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))
from browser import CHROMIUM, Browser  # noqa: E402
from hpogrid import HpogridTestCase  # noqa: E402
from option_proof import proves  # noqa: E402
from made_up_results import write_results  # noqa: E402

PICTURES = pathlib.Path(os.environ["HPOGRID_PICTURES"])


@unittest.skipUnless(CHROMIUM, "there is no chromium in $PATH")
class ReportPage(HpogridTestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)

    def open(self, trials=300, epochs=8, dark=False, option="--to_html", file="hpo_result.html"):
        params, score = write_results(self.base / "results.h5", trials, epochs)
        self.hpogrid("report", "results.h5", option)
        self.browser.new_page(dark=dark)
        self.browser.open(self.base / file)
        return self.browser, params, score

    def shown(self, browser):
        return int(browser.evaluate("document.getElementById('shown').textContent.match(/(\\d+) trials/)[1]"))

    def assert_quiet(self, browser):
        # The tests themselves read canvases back.
        self.assertEqual([each for each in browser.complaints if "getImageData" not in str(each)], [])
        self.assertEqual([each for each in browser.requests if not each.startswith(("file://", "data:"))], [])
        self.assertEqual(len([each for each in browser.requests if each.startswith("file://")]), 1)

    def ink(self, browser, selector):
        """Pixels of a canvas with something on them."""
        return browser.evaluate(f"""(() => {{ const canvas = document.querySelector("{selector} canvas");
            const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
            let drawn = 0; for (let i = 3; i < pixels.length; i += 4) {{ drawn += pixels[i] > 0; }} return drawn; }})()""")

    def brush(self, browser, title, low, high):
        """Selects from `low` to `high`, parts of the axis from its top."""
        left, top, width, height = browser.place(f"[data-title='{title}'] .overlay")
        middle = left + width / 2
        browser.drag((middle, top + low * height), (middle, top + high * height))

    def test_every_view_is_drawn_and_nothing_complains_or_is_fetched(self):
        browser, params, score = self.open()
        self.assertEqual(browser.evaluate("[...document.querySelectorAll('section')].filter(e => !e.hidden).length"), 6)
        self.assertEqual(browser.evaluate("document.querySelector('h1').textContent"), "moons </script>")
        self.assertIn(f"{max(score):.6g}", browser.evaluate("document.getElementById('summary').textContent"))
        self.assertEqual(browser.evaluate("[...document.querySelectorAll('.axis')].map(e => e.dataset.title)"),
                         sorted(params) + ["accuracy"])
        for view in ("#parallel", "#history", "#slices .plot", "#curves"):
            self.assertGreater(self.ink(browser, view), 500, view)
        self.assertEqual(browser.evaluate("document.querySelectorAll('#slices .plot').length"), 5)
        order = browser.evaluate("[...document.querySelectorAll('.part text:first-child')].map(e => e.textContent)")
        self.assertEqual(order[0], "lr")
        self.assertEqual(order[1], "optimizer")
        self.assert_quiet(browser)
        PICTURES.mkdir(parents=True, exist_ok=True)
        browser.screenshot(PICTURES / "report.png", whole=True)

    def test_brushing_an_axis_selects_in_every_view_and_a_click_lets_go(self):
        browser, params, _ = self.open()
        ink = {view: self.ink(browser, view) for view in ("#parallel", "#history", "#slices .plot", "#curves")}
        self.brush(browser, "layers", 0, .3)  # 5 is at the top, 4 a quarter of the way down
        wanted = sum(layers >= 4 for layers in params["layers"])
        self.assertEqual(self.shown(browser), wanted)
        column = browser.evaluate("[...document.querySelectorAll('#trials th')].findIndex(e => e.textContent === 'layers')")
        layers = browser.evaluate(f"[...document.querySelectorAll('#trials tbody tr')].map(e => +e.children[{column}].textContent)")
        self.assertEqual((len(layers), set(layers)), (wanted, {4, 5}))
        for view, before in ink.items():
            self.assertLess(self.ink(browser, view), before, view)
        self.brush(browser, "optimizer", 0, .4)
        self.assertEqual(self.shown(browser), sum(layers >= 4 and optimizer == "sgd" for layers, optimizer in
                                                  zip(params["layers"], params["optimizer"])))
        for title in ("layers", "optimizer"):
            left, top, width, height = browser.place(f"[data-title='{title}'] .overlay")
            browser.click(left + width / 2, top + .9 * height)
        self.assertEqual(self.shown(browser), 300)
        self.assert_quiet(browser)

    def test_brushes_survive_another_width_of_the_window(self):
        browser, params, _ = self.open()
        self.brush(browser, "layers", 0, .3)
        browser.call("Emulation.setDeviceMetricsOverride", width=800, height=900, deviceScaleFactor=2, mobile=False)
        browser.wait_for("document.querySelector('#history canvas').clientWidth < 800")
        self.assertEqual(self.shown(browser), sum(layers >= 4 for layers in params["layers"]))
        self.assertGreater(float(browser.evaluate("document.querySelector(\"[data-title='layers'] .selection\").getAttribute('height')")), 50)

    def test_the_table_is_sorted_and_filtered(self):
        browser, params, score = self.open()
        def column(title):
            return browser.evaluate(f"""(() => {{ const i = [...document.querySelectorAll('#trials th')].findIndex(
                e => e.textContent === '{title}'); return [...document.querySelectorAll('#trials tbody tr')].map(
                e => e.children[i].textContent); }})()""")
        self.assertEqual(column("accuracy")[0], f"{max(score):.6g}")
        click = "[...document.querySelectorAll('#trials th')].find(e => e.textContent === 'lr').dispatchEvent(new MouseEvent('click'))"
        browser.evaluate(click)
        self.assertEqual([float(lr) for lr in column("lr")], [float(f"{lr:.6g}") for lr in sorted(params["lr"])])
        browser.evaluate(click)
        self.assertEqual(float(column("lr")[0]), float(f"{max(params['lr']):.6g}"))
        for text, wanted in {"lr < 0.001": sum(lr < .001 for lr in params["lr"]),
                             "optimizer = adam": params["optimizer"].count("adam"), "rmsPROP": params["optimizer"].count("rmsprop"),
                             "no such thing": 0}.items():
            browser.evaluate(f"(() => {{ const e = document.getElementById('filter'); e.value = '{text}'; e.oninput(); }})()")
            self.assertEqual(self.shown(browser), wanted, text)

    @proves("report", "--to_html")
    def test_dark_and_light_follow_the_system_and_the_button(self):
        browser, _, _ = self.open(trials=40, dark=True)
        paper = "getComputedStyle(document.body).backgroundColor"
        self.assertEqual(browser.evaluate(paper), "rgb(20, 24, 31)")
        browser.evaluate("document.getElementById('theme').click()")
        self.assertEqual(browser.evaluate(paper), "rgb(255, 255, 255)")

    def test_the_trial_under_the_pointer_is_described(self):
        browser, params, score = self.open(trials=1, epochs=1)
        left, top, width, height = browser.place("#history svg")
        browser.call("Input.dispatchMouseEvent", type="mouseMoved", x=left + (62 + width - 14) / 2, y=top + (18 + height - 38) / 2)
        self.assertIn(f"accuracy: {score[0]:.6g}", browser.evaluate("document.getElementById('tip').textContent"))

    @proves("report", "--to_pcp")
    def test_to_pcp_is_the_parallel_coordinates_alone(self):
        browser, _, _ = self.open(option="--to_pcp", file="hpo_result_pcp.html")
        self.assertEqual(browser.evaluate("[...document.querySelectorAll('section')].filter(e => !e.hidden).map(e => e.dataset.part)"),
                         ["parallel"])
        self.assertGreater(self.ink(browser, "#parallel"), 500)
        self.assert_quiet(browser)

    def test_ten_thousand_trials_open_and_brush_within_seconds(self):
        write_results(self.base / "results.h5", 10_000, 3)
        self.hpogrid("report", "results.h5", "--to_html", timeout=60)
        self.assertLess((self.base / "hpo_result.html").stat().st_size, 6 << 20)
        browser = self.browser
        browser.new_page()
        began = time.monotonic()
        browser.open(self.base / "hpo_result.html")
        opened = time.monotonic()
        self.brush(browser, "lr", 0, .5)
        self.assertLess(self.shown(browser), 9_000)
        print(f"10,000 trials: opened in {opened - began:.2f} s, brushed in {time.monotonic() - opened:.2f} s")
        self.assertLess(opened - began, 20)
        self.assert_quiet(browser)


if __name__ == "__main__":
    unittest.main()
