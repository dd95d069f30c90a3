//go:build !race

package browsertest

import (
	"slices"
	"testing"

	"chipproof/simulator"
)

// watch has the page take the time from the clerk's click until name and photo are
// on the screen: until the frame after the one that draws them begins.
const watch = `window.taken = new Promise((done) => {
	let click = 0; let name = 0; let photo = false;
	document.querySelector('#read').addEventListener('click', (e) => { click = e.timeStamp; }, { capture: true, once: true });
	const drawn = (f) => requestAnimationFrame(() => requestAnimationFrame(() => f(performance.now() - click)));
	const look = new MutationObserver(() => {
		if (!name && document.querySelector('#result .name-th')?.textContent) { name = -1; drawn((ms) => { name = ms; }); }
		const img = document.querySelector('#result .photo');
		if (!photo && img && !img.hidden && img.src) {
			photo = true;
			look.disconnect();
			img.decode().then(() => drawn((ms) => done([name, ms])));
		}
	});
	look.observe(document.querySelector('#result'), { subtree: true, childList: true, attributes: true, characterData: true });
}); true`

// BenchmarkClickToScreen is how long a clerk waits after the click, with a
// full-size photo, at both line timings of design §9: through page, agent, durable
// entry and simulated card and back to the screen.
func BenchmarkClickToScreen(b *testing.B) {
	for _, line := range []struct {
		name string
		line simulator.Line
	}{{"TA96", simulator.LineTA96}, {"TA18", simulator.LineTA18}} {
		b.Run(line.name, func(b *testing.B) {
			a := newAgent(b)
			a.insert("full-photo", simulator.CardOptions{Line: line.line})
			page := newBrowser(b, a, "th")
			page.enters("/", a.clerk)
			page.when(`document.querySelector('#reader').dataset.state === 'present'`)
			var names, photos []float64
			for b.Loop() {
				eval[bool](page, watch)
				page.click("#read")
				taken := eval[[]float64](page, `window.taken`)
				names, photos = append(names, taken[0]), append(photos, taken[1])
				page.click(".again")
			}
			b.ReportMetric(median(names), "name-ms")
			b.ReportMetric(median(photos), "photo-ms")
		})
	}
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}
