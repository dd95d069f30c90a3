package formats

import (
	"bytes"
	"strings"
)

// magics are beginnings of files that are no text.
var magics = []struct {
	what  string
	bytes string
}{
	{"zip", "PK\x03\x04"},
	{"zip", "PK\x05\x06"},
	{"pdf", "%PDF-"},
	{"image", "\x89PNG\r\n"},
	{"image", "\xFF\xD8\xFF"},
	{"image", "GIF8"},
	{"image", "BM"},
	{"image", "II*\x00"},
	{"image", "MM\x00*"},
	{"binary", "\x1F\x8B"},
	{"binary", "Rar!"},
	{"binary", "7z\xBC\xAF"},
	{"binary", "\x7FELF"},
	{"binary", "MZ\x90"},
	{"binary", "SQLite format 3\x00"},
}

const oleMagic = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"

// classify says what a file is by its beginning, helped by its name and media
// type where several formats look alike.
func classify(name, mediaType string, head []byte) string {
	if len(head) == 0 {
		return "empty"
	}
	if bytes.HasPrefix(head, []byte(oleMagic)) {
		// An Office file with a password is packed into OLE; so are the formats
		// of before 2007.
		if bytes.Contains(head, wide("EncryptedPackage")) || bytes.Contains(head, wide("EncryptionInfo")) {
			return "encrypted"
		}
		return "binary"
	}
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.bytes)) && (m.bytes != "BM" || image(extension(name)) || bytes.IndexByte(head, 0) >= 0) {
			return m.what
		}
	}
	if len(head) > 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP" {
		return "image"
	}
	if i := bytes.Index(head[:min(len(head), 1024)], []byte("%PDF-")); i >= 0 && (extension(name) == ".pdf" || strings.Contains(mediaType, "pdf")) {
		return "pdf"
	}
	enc, mark := sniffMarks(head)
	if enc != utf16LE && enc != utf16BE && bytes.Count(head[:min(len(head), 8192)], []byte{0}) > 0 {
		if image(extension(name)) {
			return "image"
		}
		return "binary"
	}
	return textKind(name, mediaType, decodedFrom(enc, head[mark:]), len(head) == headSize)
}

func wide(s string) []byte {
	var b []byte
	for _, c := range []byte(s) {
		b = append(b, c, 0)
	}
	return b
}

func decodedHead(head []byte) []byte {
	enc, mark := sniffMarks(head)
	return decodedFrom(enc, head[mark:])
}

func decodedFrom(enc encoding, head []byte) []byte {
	if enc == undecided {
		enc = decide(head)
	}
	text, _ := enc.decode(nil, head, false)
	return text
}

// textKind tells text formats apart. A name's ending counts where the content
// doesn't speak against it.
func textKind(name, mediaType string, text []byte, cut bool) string {
	start := bytes.TrimLeft(text, " \t\r\n\ufeff")
	low := bytes.ToLower(start[:min(len(start), 1024)])
	ext := extension(name)
	first := byte(0)
	if len(start) > 0 {
		first = start[0]
	}
	switch {
	case bytes.HasPrefix(low, []byte("<?xml")) && !bytes.Contains(low, []byte("<html")):
		return "xml"
	case bytes.HasPrefix(low, []byte("<!doctype html")), bytes.Contains(low, []byte("<html")) && first == '<':
		return "html"
	case first == '{' || first == '[':
		return "json" // or text, where it turns out to be none
	case ext == ".html", ext == ".htm", ext == ".xhtml", ext == ".php", ext == ".asp", ext == ".aspx", ext == ".jsp", strings.Contains(mediaType, "html"):
		return "html"
	case ext == ".xml", ext == ".rss", ext == ".svg", ext == ".kml", strings.Contains(mediaType, "xml"):
		if first == '<' {
			return "xml"
		}
	case ext == ".json", ext == ".ndjson", ext == ".jsonl", ext == ".geojson":
		return "json"
	case ext == ".csv", ext == ".tsv", ext == ".tab", strings.Contains(mediaType, "csv"), strings.Contains(mediaType, "tab-separated"):
		return "csv"
	case first == '<' && bytes.Contains(low, []byte("</")):
		return "html"
	}
	return "text"
}
