package dopa

import (
	"crypto/tls"
	"net"
	"net/http"
	"strings"
	"time"
)

const (
	longAnswer = 1 << 20 // bytes, of a huge answer
	webPage    = "<!DOCTYPE html><html><head><title>Runtime Error</title></head><body><h1>Server Error in '/CheckCardStatus' Application.</h1><br><hr></body></html>"
	// bomb would be 10^9 times lol if anybody expanded it.
	bomb = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>`
)

// perform lets a fault happen, and says whether the question is over with it.
func (s *Service) perform(w http.ResponseWriter, r *http.Request, q question, f Fault) bool {
	right := q.answer(s.reply(q))
	switch f.Act {
	case ActDelay:
		return !pass(r.Context(), time.Duration(f.Milliseconds)*time.Millisecond)
	case ActHang:
		<-r.Context().Done()
	case ActClose:
		hangUp(w, "")
	case ActReset:
		reset(w)
	case ActCut:
		hangUp(w, "HTTP/1.1 200 OK\r\nContent-Type: "+q.mediaType()+"\r\nContent-Length: 2000\r\n\r\n"+right[:len(right)/2])
	case ActStatus:
		write(w, "text/html; charset=utf-8", f.Status, webPage)
	case ActSOAPFault:
		reason := f.Desc
		if reason == "" {
			reason = "Server was unable to process request."
		}
		write(w, q.mediaType(), http.StatusInternalServerError, q.fault(reason))
	case ActHTML:
		write(w, "text/html; charset=utf-8", http.StatusOK, webPage)
	case ActRedirect:
		w.Header().Set("Location", "https://"+r.Host+"/elsewhere")
		write(w, "text/html; charset=utf-8", http.StatusTemporaryRedirect, webPage)
	case ActSlow:
		drip(w, r, q, right, time.Duration(f.Milliseconds)*time.Millisecond)
	default:
		write(w, q.mediaType(), http.StatusOK, wrong(q, f, right))
	}
	return true
}

// wrong is the body of an answer that is not the right one.
func wrong(q question, f Fault, right string) string {
	switch f.Act {
	case ActAnswer:
		return q.answer(reply{f.IsError, f.Code, f.Desc})
	case ActContradiction:
		return q.answer(reply{"true", "0", "สถานะปกติ"})
	case ActEntities:
		return bomb + strings.TrimPrefix(strings.Replace(right, "<Desc>", "<Desc>&c;", 1), `<?xml version="1.0" encoding="utf-8"?>`)
	case ActHalf:
		return right[:len(right)/2]
	case ActHuge:
		bytes := f.Bytes
		if bytes == 0 {
			bytes = longAnswer
		}
		return strings.Replace(right, "<ErrorMessage />", "<ErrorMessage>"+strings.Repeat("x", bytes)+"</ErrorMessage>", 1)
	case ActOther:
		other := question{soap11: q.soap11, operation: byCID}
		if q.operation == byCID {
			other.operation = byLaser
		}
		return other.answer(replyTo(Normal, other.operation))
	}
	return "" // ActEmpty
}

// drip sends the answer byte by byte.
func drip(w http.ResponseWriter, r *http.Request, q question, body string, pause time.Duration) {
	w.Header().Set("Content-Type", q.mediaType())
	flush := http.NewResponseController(w)
	for i := range len(body) {
		if _, err := w.Write([]byte{body[i]}); err != nil || flush.Flush() != nil || !pass(r.Context(), pause) {
			return // whoever asked has gone
		}
	}
}

// hangUp writes something raw and ends the connection.
func hangUp(w http.ResponseWriter, said string) {
	if conn := hijack(w); conn != nil {
		_, _ = conn.Write([]byte(said))
		_ = conn.Close()
	}
}

// reset ends the connection with a TCP reset, as a crash or a firewall does.
func reset(w http.ResponseWriter) {
	conn := hijack(w)
	if conn == nil {
		return
	}
	below := conn
	if secure, ok := conn.(*tls.Conn); ok {
		below = secure.NetConn()
	}
	if tcp, ok := below.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = below.Close()
}

// hijack takes the connection; nil where there is none to take.
func hijack(w http.ResponseWriter) net.Conn {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil
	}
	return conn
}
