// Package rival reads a Thai ID card as the programs do that agencies use
// today: SELECT, nine fields one by one, the photo in twenty blocks of 255
// bytes, each followed by a GET RESPONSE of its own. It exists so that
// benchmarks can show both ways side by side, in one run and on one machine.
//
// It is no model: it looks at no status word, cuts a full photo short by 18
// bytes and would not notice another card put in its place (rivals §1,
// thai-id-card §2 and §7). Nothing but benchmarks uses it.
package rival
