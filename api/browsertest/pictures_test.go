//go:build !race

package browsertest

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing"
	"chipproof/simulator"
)

// updatePictures takes the pictures of the manuals anew. Letters and edges differ
// from one Chromium to the next, so no picture is compared by its pixels: what is
// compared is the words that each part of a page showed when it was taken.
var updatePictures = flag.Bool("update-screenshots", false, "take the pictures in docs/images anew")

// largestPicture is what a reader with a slow line should have to wait for.
const largestPicture = 120 << 10

var (
	imagesDir = filepath.Join("..", "..", "docs", "images")
	// wide is the window of the pictures, in CSS pixels; they stay readable in a page.
	wide = int64(860)
)

// album takes the pictures of one language.
type album struct {
	*browser
	lang  string
	words map[string]string // of each picture, as the page showed them
}

func TestThePicturesOfTheManualsShowWhatThePagesShow(t *testing.T) {
	for _, lang := range []string{"th", "en"} {
		t.Run(lang, func(t *testing.T) {
			a := newAgent(t)
			b := &album{browser: newBrowser(t, a, lang), lang: lang, words: map[string]string{}}
			b.size(wide, 900, 1)
			b.later(a)
			b.photograph(a)
			b.compare()
		})
	}
}

// photograph is a clerk's day: each stop is one picture of the manual.
func (b *album) photograph(a *agent) {
	b.open("/")
	b.when(`!document.querySelector('#door-password').hidden`)
	b.take("login", "#door-password")
	b.fill("#username", a.clerk.Name)
	b.fill("#password", a.clerk.Password+enter)
	b.when(`!document.querySelector('#door-code').hidden`)
	b.take("code", "#door-code")
	b.fill("#code", a.clerk.Code()+enter)
	b.click("#banner-notices button")
	b.present(a)
	b.click(identityProofing)
	b.take("counter", "body > header", "#reader", "#form")

	b.halfway(a)
	b.take("reading", "#progress")
	b.click(".answers .yes") // the read has ended by itself
	b.when(`document.querySelector('.verdict.accepted')`)
	b.take("accepted", ".verdict", ".result .person")
	b.take("checked", ".more")
	b.slip()
	b.click(".again")

	b.click("#read")
	b.take("question", ".result .person", ".question")
	b.click(".answers .no")
	b.when(`document.querySelector('.verdict.rejected')`)
	b.take("rejected", ".verdict")
	b.click(".again")

	b.halfway(a)
	a.remove()
	b.when(`document.querySelector('.failure img')?.src.endsWith('/static/pic-removed.svg')`)
	b.take("failure", ".failure")
	b.present(a)
	b.asked(a)
	b.click("#lock")
	b.when(`!document.querySelector('#door-locked').hidden`)
	b.take("locked", "#door-locked")
}

// later is a minute after the enrolment, for the agent and the browser alike: until
// then the page would speak of a code that was used already.
func (b *album) later(a *agent) {
	b.t.Helper()
	a.office.Clock.Forward(time.Minute)
	b.do(chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument(`(() => { const now = Date.now; Date.now = () => now() + 60000; })()`).Do(ctx)
		return err
	}))
}

// present has a card in the reader, and the page know of it.
func (b *album) present(a *agent) {
	b.t.Helper()
	a.insert("default")
	b.when(`document.querySelector('#reader').dataset.state === 'present'`)
}

// halfway begins a read which the card then keeps waiting for a while.
func (b *album) halfway(a *agent) {
	b.t.Helper()
	plan, err := simulator.ParsePlan([]byte(`[{exchange: 14, do: delay, ms: 3000}]`))
	require.NoError(b.t, err)
	require.NoError(b.t, a.machine.Faults(reader, plan))
	b.click("#read")
	b.when(`document.querySelector('#bar').value > 3`)
}

// slip is the receipt as it goes to paper.
func (b *album) slip() {
	b.t.Helper()
	eval[bool](b.browser, `(() => { window.print = () => { window.printed = true; }; return true; })()`)
	b.click(".result .buttons .secondary")
	b.when(`window.printed && document.querySelector('.slip-qr').naturalWidth > 100`)
	b.do(emulation.SetEmulatedMedia().WithMedia("print"))
	b.take("slip", ".slip")
	b.do(emulation.SetEmulatedMedia().WithMedia(""))
	eval[bool](b.browser, `(() => { window.dispatchEvent(new Event('afterprint')); return true; })()`)
}

// asked is a web app that must wait for the clerk's word.
func (b *album) asked(a *agent) {
	b.t.Helper()
	const site = "https://app.example.go.th"
	a.approve(site, proofing.AskAlways)
	answered := make(chan int, 1)
	go func() {
		r, _ := http.NewRequestWithContext(b.t.Context(), http.MethodPost, a.url+"/v1/reads", strings.NewReader(`{"purpose":"form_fill","fields":["citizen_id","name"]}`))
		r.Header = http.Header{"Origin": {site}, "Content-Type": {"application/json"}}
		res, err := http.DefaultClient.Do(r)
		if !assert.NoError(b.t, err) {
			answered <- 0
			return
		}
		_ = res.Body.Close()
		answered <- res.StatusCode
	}()
	b.take("approval", ".approval")
	b.click(".approval .no")
	assert.Equal(b.t, http.StatusForbidden, <-answered)
}

// take is one picture of the page from the first of these parts to the last.
func (b *album) take(name string, parts ...string) {
	b.t.Helper()
	for _, part := range parts {
		b.do(chromedp.WaitVisible(part, chromedp.ByQuery))
	}
	list := "'" + strings.Join(parts, "', '") + "'"
	b.words[name] = plain(eval[string](b.browser, `[`+list+`].map((s) => document.querySelector(s).innerText).join('\n')`))
	if !*updatePictures {
		return
	}
	// A button that was just pressed is still changing its colour.
	b.when(`document.getAnimations().every((a) => a.playState !== 'running' || a.effect.getComputedTiming().endTime === Infinity)`)
	box := eval[[]float64](b.browser, `(() => {
		const boxes = [`+list+`].map((s) => document.querySelector(s).getBoundingClientRect());
		const [left, top] = [Math.min(...boxes.map((r) => r.left)), Math.min(...boxes.map((r) => r.top))];
		return [left, top + scrollY, Math.max(...boxes.map((r) => r.right)) - left, Math.max(...boxes.map((r) => r.bottom)) - top];
	})()`)
	const margin = 12
	clip := &page.Viewport{X: max(0, box[0]-margin), Y: max(0, box[1]-margin), Width: box[2] + 2*margin, Height: box[3] + 2*margin, Scale: 1}
	clip.Width = min(clip.Width, float64(wide)-clip.X)
	var taken []byte
	b.do(chromedp.ActionFunc(func(ctx context.Context) (err error) {
		taken, err = page.CaptureScreenshot().WithCaptureBeyondViewport(true).WithClip(clip).Do(ctx)
		return err
	}))
	require.NoError(b.t, os.WriteFile(filepath.Join(imagesDir, b.file(name)), small(b.t, taken), 0o644))
}

func (b *album) file(name string) string { return b.lang + "-" + name + ".png" }

var (
	figures = regexp.MustCompile(`[0-9๐-๙]+`)
	dates   = regexp.MustCompile(`# [^ #\n]+ #`)
	request = regexp.MustCompile(`· [A-Z0-9]{16,}`)
	spaces  = regexp.MustCompile(`[ \t\x{a0}]+`)
)

// plain is what a page shows without what differs from day to day: figures, dates,
// the ids of requests.
func plain(text string) string {
	text = request.ReplaceAllString(text, "· #")
	text = figures.ReplaceAllString(spaces.ReplaceAllString(text, " "), "#")
	var lines []string
	for line := range strings.Lines(dates.ReplaceAllString(text, "#")) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// compare holds the pictures against the manual that shows them and against the
// words that were on the page when they were taken.
func (b *album) compare() {
	b.t.Helper()
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(b.words)) {
		fmt.Fprintf(&text, "-- %s --\n%s\n", name, b.words[name])
	}
	golden := filepath.Join("testdata", "pictures-"+b.lang+".txt")
	if *updatePictures {
		require.NoError(b.t, os.WriteFile(golden, []byte(text.String()), 0o644))
	}
	kept, err := os.ReadFile(golden)
	require.NoError(b.t, err)
	assert.Equal(b.t, string(kept), text.String(), "the pictures are out of date; take them anew, and look at them: go test ./api/browsertest -run Pictures -update-screenshots")

	var taken []string
	for name := range b.words {
		taken = append(taken, b.file(name))
		picture, err := os.ReadFile(filepath.Join(imagesDir, b.file(name)))
		require.NoError(b.t, err)
		assert.LessOrEqual(b.t, len(picture), largestPicture, b.file(name))
	}
	assert.ElementsMatch(b.t, taken, shownIn(b.t, b.lang), "the manuals show what the test takes, and nothing else")
	there, err := filepath.Glob(filepath.Join(imagesDir, b.lang+"-*"))
	require.NoError(b.t, err)
	assert.Len(b.t, there, len(taken), "docs/images holds nothing that is not shown")
}

var shown = regexp.MustCompile(`!\[[^\]]+\]\((?:\.\./|docs/)images/([^)]+)\)`)

// shownIn are the pictures of a language that its pages name, each once.
func shownIn(t testing.TB, lang string) []string {
	t.Helper()
	readme := map[string]string{"th": "README.th.md", "en": "README.md"}[lang]
	pages, err := filepath.Glob(filepath.Join("..", "..", "docs", lang, "*.md"))
	require.NoError(t, err)
	var names []string
	for _, path := range append(pages, filepath.Join("..", "..", readme)) {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		for _, m := range shown.FindAllSubmatch(text, -1) {
			names = append(names, string(m[1]))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// small is a picture in at most 256 colours, which is a third of its bytes.
func small(t testing.TB, full []byte) []byte {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(full))
	require.NoError(t, err)
	often := map[color.RGBA]int{}
	for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y++ {
		for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X; x++ {
			often[color.RGBAModel.Convert(picture.At(x, y)).(color.RGBA)]++
		}
	}
	colours := slices.Collect(maps.Keys(often))
	number := func(c color.RGBA) uint32 { return uint32(c.R)<<24 | uint32(c.G)<<16 | uint32(c.B)<<8 | uint32(c.A) }
	slices.SortFunc(colours, func(a, b color.RGBA) int { // the same picture is the same file
		return cmp.Or(often[b]-often[a], cmp.Compare(number(a), number(b)))
	})
	palette := color.Palette{}
	for _, c := range colours[:min(len(colours), 256)] {
		palette = append(palette, c)
	}
	few := image.NewPaletted(picture.Bounds(), palette)
	draw.Draw(few, few.Bounds(), picture, picture.Bounds().Min, draw.Src)
	var out bytes.Buffer
	require.NoError(t, (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, few))
	return out.Bytes()
}
