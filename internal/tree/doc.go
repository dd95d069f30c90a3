// Package tree holds the tests that keep the repository's shape: who may import
// whom, what no package may do, what every package must have, and what may
// never be committed. It has no code of its own; nothing imports it.
//
// Each rule stands in a table with its reason beside it. An exception is a row
// too, never a comment in the code that breaks the rule.
package tree
