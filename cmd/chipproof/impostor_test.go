//go:build linux && cgo

package main

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
)

// impostor stands where pcscd does and refuses everybody, as pcscd 2.4 and later
// do by polkit. Debian 12's pcscd can't be made to. It speaks as much of
// pcsc-lite's protocol (winscard_msg.h) as that takes: the version is agreed on,
// and a context is refused with SCARD_W_SECURITY_VIOLATION.
type impostor struct{ listener net.Listener }

const (
	commandEstablish  = 0x01
	commandVersion    = 0x11
	securityViolation = 0x8010006A
)

func refuseAll(socket string) (*impostor, error) {
	if err := os.Remove(socket); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return nil, err
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go refuse(conn)
		}
	}()
	return &impostor{listener}, nil
}

func (i *impostor) leave() { _ = i.listener.Close() }

// refuse answers one client until it leaves. A message is its size and command,
// four bytes each in the machine's own order, and a structure whose last four
// bytes are the result; the answer is the structure alone.
func refuse(conn net.Conn) {
	defer conn.Close()
	for {
		var header [8]byte
		if _, err := io.ReadFull(conn, header[:]); err != nil {
			return
		}
		body := make([]byte, binary.NativeEndian.Uint32(header[:4]))
		if _, err := io.ReadFull(conn, body); err != nil || len(body) < 4 {
			return
		}
		result := body[len(body)-4:]
		switch binary.NativeEndian.Uint32(header[4:]) {
		case commandVersion:
			binary.NativeEndian.PutUint32(result, 0)
		case commandEstablish:
			binary.NativeEndian.PutUint32(result, securityViolation)
		default:
			return
		}
		if _, err := conn.Write(body); err != nil {
			return
		}
	}
}
