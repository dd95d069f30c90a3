package mfa

import (
	"bytes"
	"fmt"
	"image/png"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
)

// otpauthURI is the text that an authenticator app takes from a QR code
// (Google's Key URI format). Some apps read a plus sign literally, so spaces
// are written %20.
func otpauthURI(issuer, account string, secret Secret) string {
	label := uriEscape(issuer) + ":" + uriEscape(account)
	return "otpauth://totp/" + label +
		"?secret=" + secret.Reveal() +
		"&issuer=" + uriEscape(issuer) +
		"&algorithm=SHA1" +
		"&digits=" + strconv.Itoa(CodeDigits) +
		"&period=" + strconv.Itoa(int(StepLength/time.Second))
}

func uriEscape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// qrPixels is the side of the picture: large enough for a phone at arm's length.
const qrPixels = 320

// qrPNG draws a text as a QR code with medium error correction.
func qrPNG(text string) ([]byte, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return nil, fmt.Errorf("draw qr code: %w", err)
	}
	scaled, err := barcode.Scale(code, qrPixels, qrPixels)
	if err != nil {
		return nil, fmt.Errorf("draw qr code: %w", err)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, scaled); err != nil {
		return nil, fmt.Errorf("draw qr code: %w", err)
	}
	return b.Bytes(), nil
}
