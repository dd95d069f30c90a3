package tree

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// ours says which of our packages a package may import, in the files that are
// built into programs (design §3). Test files may import what they need.
var ours = []struct {
	importer string
	may      []string
	reason   string
}{
	{"apdu", nil, "bytes know no reader and no applet; a second project could take this package as it is"},
	{"mfa", nil, "login rules are judged by themselves, without a web server or a database"},
	{"audit", nil, "who verifies a log years later needs this package and nothing else"},
	{"proofing/proof", nil, "relying parties import it to check a result; they must not get our reader with it"},
	{"proofing/proof/keyring", []string{"proofing/proof"}, "keys over time, for whoever signs; decides nothing about a person"},
	{"proofing/proof/keyfetch", []string{"proofing/proof"}, "relying parties fetch key sets with it; the agent itself fetches none"},
	{"cardreader", []string{"apdu"}, "a reader moves bytes; what they mean is not its business"},
	{"cardreader/pcsc", []string{"apdu", "cardreader"}, "a driver implements the interface above it and decides nothing"},
	{"cardreader/conformance", []string{"apdu", "cardreader"}, "the one suite for every driver may not know which driver it runs"},
	{"cardreader/pcsc/pcsctest", []string{"apdu", "cardreader", "cardreader/pcsc", "simulator"}, "starts a pcscd of the test's own with simulated cards in it; tests only"},
	{"proofing/thaiid", []string{"apdu"}, "a card is read the same from PC/SC, simulator or transcript"},
	{"proofing/issuer", []string{"proofing/thaiid"}, "asks about a card by its fields; who holds the card is no question of the issuer"},
	{"proofing", []string{"apdu", "cardreader", "proofing/*"}, "tells the whole story of a proofing; it alone sees all its parts (apdu: a recorder or tracer is handed in as a Transmitter)"},
	{"exposure", []string{"exposure/detect", "exposure/formats"}, "judges what the one finds in what the other reads"},
	{"exposure/detect", []string{"proofing/thaiid"}, "needs the rule of the citizen number, and no reader"},
	{"exposure/formats", []string{"exposure/detect"}, "hands text over as the detector wants it; what is found is not its business"},
	{"exposure/crawl", []string{"exposure", "exposure/formats"}, "fetches what is to be scanned; the one part that knows HTTP"},
	{"exposure/report", []string{"exposure", "exposure/crawl", "exposure/detect", "exposure/formats"}, "names in Thai what the others found, or could not read"},
	{"exposure/job", []string{"exposure", "exposure/crawl", "exposure/detect", "exposure/formats", "exposure/report"}, "runs what the others find over all that was asked for; it knows no database and no HTTP"},
	{"exposure/corpus", []string{"exposure", "exposure/detect"}, "synthetic people and how well they are found; tests and benchmarks only"},
	{"breach", []string{"exposure", "exposure/*"}, "an incident may begin with a finding"},
	{"doctor", []string{"cardreader"}, "looks at the machine and its readers, never at a card's data"},
	{"simulator", []string{"apdu", "cardreader", "proofing/thaiid"}, "a real driver on the reader's own layout table; it encodes by itself"},
	{"simulator/dopa", []string{"simulator", "proofing/thaiid", "proofing/proof"}, "an outside party: it knows the people and the public formats, not our decisions"},
	{"simulator/rp", []string{"simulator", "proofing/thaiid", "proofing/proof", "proofing/proof/*"}, "an outside party: it knows the people and the public formats, not our decisions"},
	{"store", []string{"mfa", "audit"}, "rows of what both programs share"},
	{"store/storetest", []string{"mfa"}, "the one suite for every store may not know which store it runs"},
	{"store/counter", []string{"store", "audit", "proofing"}, "rows of the counter, each in one transaction with its audit entry; the office's are not its business"},
	{"breach/letters", []string{"breach"}, "documents are made of what the register knows"},
	{"breach/post", []string{"breach/letters"}, "hands letters and warnings to a mail server; what they say is not its business"},
	{"breach/post/posttest", nil, "an outside mail server on loopback; tests only"},
	{"breach/reading", []string{"breach", "exposure"}, "the scanner reads what an officer writes; what is refused is the register's business"},
	{"store/office", []string{"store", "audit", "mfa", "exposure", "exposure/*", "breach"}, "rows of the office; the counter's are not its business"},
	{"api", []string{"mfa", "audit"}, "server and guard are the same for both programs"},
	{"api/apitest", []string{"mfa", "audit", "store", "store/counter", "store/office", "exposure", "exposure/*"}, "a whole installation for the tests of routes; tests only"},
	{"api/browsertest", nil, "tests of the pages in a browser; it has no other code"},
	{"api/console", []string{"api", "mfa", "audit"}, "pages that both programs share"},
	{"api/counter", []string{"api", "api/console", "apdu", "cardreader", "proofing", "proofing/*", "doctor"}, "turns HTTP into calls of the domain; no SQL, no driver, no simulator, so that a test can put any of them below"},
	{"api/compat", []string{"api", "api/console", "apdu", "cardreader", "proofing", "proofing/*", "doctor"}, "other agents' interfaces, guarded as our own"},
	{"api/client", nil, "a script for other people's pages, and the file that embeds it"},
	{"api/office", []string{"api", "api/console", "mfa", "exposure", "exposure/*", "breach", "breach/*"}, "the office has no reader (mfa: it says in its own words that nobody is logged in)"},
	{"cmd/internal/program", []string{"api", "api/console", "audit", "doctor", "mfa", "store"}, "what both programs do the same way; what one of them does besides it is told in a struct"},
	{"cmd/internal/programtest", []string{"mfa"}, "works a built program from outside, as people do; tests only"},
	{"cmd/chipproof", []string{"*"}, "wiring: the one place where parts meet"},
	{"cmd/chipproof-office", []string{"*"}, "wiring: the one place where parts meet"},
	{"internal/benchtable", nil, "reads what benchmarks printed; knows nothing of the product"},
	{"internal/rival", []string{"apdu", "proofing/thaiid"}, "reads a card as others do, on the same layout table, so that benchmarks can show both"},
	{"internal/testsum", nil, "runs go test and counts; knows nothing of the product"},
	{"internal/tree", nil, "looks at files; knows nothing of the product"},
}

// benches are packages for tests of several others; they bring the testing
// package along.
var benches = []string{"cardreader/conformance", "cardreader/pcsc/pcsctest", "store/storetest", "api/apitest", "cmd/internal/programtest"}

// nobody is what no file that is built into a program may import, whoever it is.
var nobody = []struct{ imported, reason string }{
	{"cmd/chipproof", "a program is the end of the arrows"},
	{"cmd/chipproof-office", "a program is the end of the arrows"},
	{"cmd/internal/programtest", "a bench for tests; it brings the testing package along"},
	{"internal/*", "tools of the repository are no part of the product"},
	{"cardreader/conformance", "a suite for tests; it brings the testing package along"},
	{"cardreader/pcsc/pcsctest", "a bench for tests; it brings the testing package along"},
	{"store/storetest", "a suite for tests; it brings the testing package along"},
	{"api/apitest", "a bench for tests; it brings the testing package along"},
	{"exposure/corpus", "synthetic people belong in tests"},
	{"breach/post/posttest", "an outside party for tests"},
}

// others says who alone may import a package that is not ours.
var others = []struct {
	imported string
	only     []string
	reason   string
}{
	{"github.com/ebfe/scard", []string{"cardreader/pcsc"}, "the C binding stays behind one door, so that all else builds and tests without cgo"},
	{"C", nil, "no C of our own"},
	{"unsafe", []string{"cardreader/pcsc/pcsctest"}, "a card is untrusted input; the test bench needs it to bring an interface up"},
	{"database/sql", []string{"store", "store/*"}, "the domain knows no SQL"},
	{"modernc.org/*", []string{"store", "store/*"}, "the domain knows no SQL"},
	{"net/http", []string{"api", "api/*", "simulator", "simulator/*", "proofing/issuer", "proofing/proof/keyfetch", "exposure/crawl", "doctor", "cmd/*"}, "the domain knows no HTTP; doctor asks other agents as a web page would"},
	{"net/http/pprof", nil, "a memory dump over HTTP would hold a citizen's data"},
	{"expvar", nil, "no second door beside the guarded routes"},
	{"github.com/go-chi/*", []string{"api", "api/*", "cmd/*"}, "the router is the API's affair"},
	{"github.com/coder/websocket", []string{"api/compat"}, "there are sockets on a drop-in port and nowhere else"},
	{"github.com/danielgtaylor/*", []string{"api", "api/*", "cmd/*"}, "the OpenAPI library is the API's affair"},
	{"github.com/alecthomas/kong", []string{"cmd/*"}, "flags are the programs' affair; a package is told by a struct"},
	{"go.yaml.in/*", []string{"cmd/*", "simulator", "simulator/*", "proofing"}, "files for people are read at the edge; the rules and the agency's policy are such files, and part of what package proofing is"},
	{"github.com/xuri/*", []string{"exposure/formats", "exposure/corpus"}, "spreadsheets of strangers are opened in one place, with limits"},
	{"github.com/klippa-app/*", []string{"exposure/formats"}, "PDFs of strangers are opened in one place, in a sandbox"},
	{"github.com/tetratelabs/*", []string{"exposure/formats"}, "the sandbox of PDFs"},
	{"github.com/owenrumney/*", []string{"exposure/report"}, "SARIF is a form of reports"},
	{"github.com/wneessen/*", []string{"breach/post"}, "mail goes out by one door, which verifies certificates and quotes no server"},
	{"github.com/temoto/*", []string{"exposure/crawl"}, "robots.txt is the crawler's affair"},
	{"testing", benches, "test helpers that several packages share, and nothing else"},
	{"github.com/stretchr/*", benches, "test helpers that several packages share, and nothing else"},
	{"pgregory.net/*", []string{"cardreader/conformance"}, "test helpers that several packages share, and nothing else"},
	{"log", nil, "log/slog is handed in; a global logger can't be kept from personal data"},
	{"math/rand", nil, "identifiers come from crypto/rand"},
	{"math/rand/v2", nil, "identifiers come from crypto/rand"},
}

func TestPackagesImportOnlyWhatTheirRowAllows(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.test {
			continue
		}
		may, known := rowOf(f.dir)
		assert.True(t, known, "%s has no row in the import table: say what it may import, and why", f.dir)
		for _, imported := range f.imports {
			dir, isOurs := ourDir(imported)
			if isOurs && dir != f.dir && known {
				assert.True(t, under(dir, may...), "%s imports %s, but its package may import only %v: %s", f.path, imported, may, reasonOf(f.dir))
			}
		}
	}
}

func TestNobodyImportsProgramsOrTestBenches(t *testing.T) {
	for _, f := range goFiles(t) {
		for _, imported := range f.imports {
			dir, isOurs := ourDir(imported)
			for _, row := range nobody {
				if isOurs && !f.test && under(dir, row.imported) && dir != f.dir && !isBench(f.dir) {
					assert.Fail(t, "import of what nobody imports", "%s imports %s: %s", f.path, imported, row.reason)
				}
			}
		}
	}
}

func TestForeignPackagesAreImportedWhereTheyBelong(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.test {
			continue
		}
		for _, imported := range f.imports {
			for _, row := range others {
				if under(imported, row.imported) && !under(f.dir, row.only...) {
					assert.Fail(t, "foreign package in the wrong place", "%s imports %s, which only %v may: %s", f.path, imported, row.only, row.reason)
				}
			}
		}
	}
}

func TestAPDUNeedsTheStandardLibraryAlone(t *testing.T) {
	for _, f := range goFiles(t) {
		for _, imported := range f.imports {
			if f.dir == "apdu" && !f.test {
				assert.NotContains(t, strings.Split(imported, "/")[0], ".", "%s imports %s", f.path, imported)
			}
		}
	}
}

func TestEveryRowOfTheImportTableHasAReason(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range ours {
		assert.NotEmpty(t, row.reason, row.importer)
		assert.False(t, seen[row.importer], "%s stands twice", row.importer)
		seen[row.importer] = true
	}
}

func rowOf(dir string) (may []string, known bool) {
	for _, row := range ours {
		if row.importer == dir {
			return row.may, true
		}
	}
	return nil, false
}

func reasonOf(dir string) string {
	for _, row := range ours {
		if row.importer == dir {
			return row.reason
		}
	}
	return ""
}

func ourDir(imported string) (string, bool) {
	return strings.CutPrefix(imported, module+"/")
}

// isBench says that dir is itself one of the packages for tests, which may use
// one another.
func isBench(dir string) bool {
	return under(dir, benches...)
}
