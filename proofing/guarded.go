package proofing

import (
	"context"
	"errors"
	"runtime/debug"
)

// errBroken is a mistake in this program that showed in the middle of a proofing.
var errBroken = errors.New("a part of this program broke")

// guarded runs what a goroutine of a proofing does, and makes an error of a panic.
// Nobody above a goroutine can catch one, and uncaught it ends the whole agent,
// with every other desk's work. As an error it ends this one attempt: nothing is
// decided, recorded or signed. What was panicked with stays untold, since it may
// hold what was read; the log gets the stack, which holds no text.
func (p *Prover) guarded(ctx context.Context, f func() error) (err error) {
	defer func() {
		if recover() != nil {
			p.log().ErrorContext(ctx, "proofing broke", "stack", string(debug.Stack()))
			err = errBroken
		}
	}()
	return f()
}
