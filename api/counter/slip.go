package counter

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"net/http"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"

	"chipproof/api"
)

type (
	txnInput struct {
		Txn string `path:"txn" pattern:"^pf-[0-9]{8}-[0-9]{6,9}$" maxLength:"24" doc:"Number of a proofing: no personal data" example:"pf-20261125-000001"`
	}
	txnOutput struct {
		Body struct {
			PNG []byte `json:"png" contentEncoding:"base64" doc:"The number as a QR code"`
		}
	}
)

// slipQR is the size of the picture in pixels; it is printed 35 mm wide.
const slipQR = 280

// RegisterSlip adds the QR code of the slip that a citizen gets as receipt and
// notice: the number of the proofing, by which the agency finds its entry, and
// nothing else.
func RegisterSlip(s *api.Server) {
	api.Handle(s, api.Route{
		Method: http.MethodGet, Path: "/v1/txn-qr/{txn}", Class: api.Console, Roles: api.Clerks(), ID: "show-txn-qr",
		Summary: "The number of a proofing as a QR code, for the printed slip",
	}, func(_ context.Context, in *txnInput) (*txnOutput, error) {
		code, err := qr.Encode(in.Txn, qr.M, qr.Auto)
		if err == nil {
			code, err = barcode.Scale(code, slipQR, slipQR)
		}
		if err != nil {
			return nil, fmt.Errorf("draw slip: %w", err)
		}
		var out txnOutput
		var b bytes.Buffer
		if err := png.Encode(&b, code); err != nil {
			return nil, fmt.Errorf("draw slip: %w", err)
		}
		out.Body.PNG = b.Bytes()
		return &out, nil
	})
}
