package compat

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/coder/websocket"

	"chipproof/api"
)

const (
	// maxSent is how long a message of a page may be, in bytes. None means anything
	// to us.
	maxSent = 4 << 10
	// frameTime is how long a page may take to take one frame.
	frameTime = 5 * time.Second
)

func registerGoThai(s *api.Server, p *Ports) {
	socket := route("/ws", "go-thai-smartcard-socket")
	socket.Audit = []string{"compat_read", "read_failed"}
	api.HandleSocket(s, socket, p.serveSocket)
}

// serveSocket is a page's connection, for as long as the guard would let it in.
func (p *Ports) serveSocket(ctx context.Context, w http.ResponseWriter, r *http.Request) error {
	// The guard has compared Origin byte for byte; the library's patterns are looser.
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return fmt.Errorf("accept socket: %w: %w", api.ErrRequestMalformed, err)
	}
	defer func() { _ = conn.CloseNow() }()
	conn.SetReadLimit(maxSent)

	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	page := newPage(ctx, end)
	p.pages.join(page)
	defer p.pages.leave(page)
	// It ends with the connection: a read that is given up would break it before
	// the page is told why.
	go listen(context.WithoutCancel(ctx), conn, end)

	err = p.write(ctx, conn, page)
	_ = conn.Close(p.closing(err))
	return nil
}

// listen takes what the page sends and drops it, until the connection ends.
// Answers to pings and the end of the connection are seen in no other way.
func listen(ctx context.Context, conn *websocket.Conn, end context.CancelCauseFunc) {
	for {
		if _, _, err := conn.Read(ctx); err != nil {
			end(errPageGone)
			return
		}
	}
}

var (
	errPageGone = errors.New("page closed its socket")
	errPageSlow = errors.New("page takes no frames")
)

// write sends what there is for a page. Before each frame, and now and then, it
// asks whether the page may go on: not one goes to whoever lost the right to it.
func (p *Ports) write(ctx context.Context, conn *websocket.Conn, page *page) error {
	recheck := time.NewTicker(p.o.Recheck)
	defer recheck.Stop()
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-recheck.C:
			if err := api.Still(ctx); err != nil {
				return err
			}
		case f := <-page.frames:
			err := api.Still(ctx)
			if err == nil {
				err = writeFrame(ctx, conn, f.data)
			}
			f.done(err == nil)
			if err != nil {
				return err
			}
		}
	}
}

func writeFrame(ctx context.Context, conn *websocket.Conn, data []byte) error {
	ctx, cancel := context.WithTimeout(ctx, frameTime)
	defer cancel()
	if err := conn.Write(ctx, websocket.MessageText, data); err != nil {
		return fmt.Errorf("write frame: %w: %w", errPageSlow, err)
	}
	return nil
}

// closing says why a connection ends, in the words of RFC 6455 §7.4 and by our
// code.
func (p *Ports) closing(err error) (websocket.StatusCode, string) {
	if errors.Is(err, errPageGone) {
		return websocket.StatusNormalClosure, ""
	}
	switch code := p.o.Problems.Find(err).Code; code {
	case "agent_stopping":
		return websocket.StatusGoingAway, code
	case "mfa_required", "role_refused", "origin_refused":
		return websocket.StatusPolicyViolation, code
	}
	return websocket.StatusInternalError, ""
}
