// Package browsertest holds the tests of our pages in a real Chromium: an agent on
// loopback with the simulator under it and a real database beside it, worked as a
// person does it. It is for `make browser`; nothing imports it, and it has no
// other code.
//
// Its files are built without the race detector only (//go:build !race): a browser
// finds no races, and under the detector a login takes as long as a test may. So
// `go test -race ./...` passes it by, and `go test ./api/browsertest` runs it.
//
// It needs Debian's chromium, fonts-thai-tlwg and poppler-utils (.ci/deps) and
// axe-core, which .ci/axe puts beside the build cache. What is missing fails.
// Pictures of every page go to bin/screenshots, or to $CHIPPROOF_SCREENSHOTS:
//
//	go test ./api/browsertest
//
// Those in docs/images belong to the manuals. A test holds that they show what the
// pages say, and takes them anew when it is told to:
//
//	go test ./api/browsertest -run Pictures -update-screenshots
package browsertest
