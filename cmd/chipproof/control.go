package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"syscall"
	"time"

	"chipproof/api"
	"chipproof/cmd/internal/program"
)

// wsaEADDRINUSE is the same as EADDRINUSE to Windows (WinSock 2, WSAEADDRINUSE).
const wsaEADDRINUSE = syscall.Errno(10048)

// listenControl opens the address for commands over HTTP, which was checked to
// be loopback.
func listenControl(ctx context.Context, address string) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, wsaEADDRINUSE) {
		return nil, fmt.Errorf("--control: %w: %w", api.ErrPortTaken, err)
	}
	if err != nil {
		return nil, fmt.Errorf("--control: %w", err)
	}
	return listener, nil
}

// serveControl answers until ctx ends.
func serveControl(ctx context.Context, listener net.Listener, control http.Handler) error {
	server := &http.Server{
		Handler:        control, // refuses what a page could send by itself
		ReadTimeout:    5 * time.Second,
		WriteTimeout:   30 * time.Second,
		MaxHeaderBytes: 16 << 10,
	}
	stopped := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(stopped)
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		_ = server.Shutdown(grace) // what still runs then is a test's own request
	})
	err := server.Serve(listener)
	if !stop() {
		<-stopped
	}
	if !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve commands: %w", err)
	}
	return nil
}

// announceControl tells how to work the readers over HTTP.
func announceControl(p *program.Program, address string) {
	fmt.Fprintf(p.Err, "%s:\n", p.Say.Label(api.Text{TH: "สั่งเครื่องอ่านจำลอง", EN: "work the readers"}))
	fmt.Fprintf(p.Err, "  curl -s http://%s/readers\n", address)
	for _, post := range []struct{ path, body string }{
		{"remove", `{"reader":"` + simulatedReader + `1"}`},
		{"insert", `{"reader":"` + simulatedReader + `1","person":"` + defaultPerson + `"}`},
		{"fault", `{"reader":"` + simulatedReader + `1","plan":[{"exchange":3,"do":"remove"}]}`},
	} {
		fmt.Fprintf(p.Err, "  %s\n", curlJSON(runtime.GOOS, "http://"+address+"/"+post.path, post.body))
	}
}
