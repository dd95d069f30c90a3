package api

import "net/http"

// Problems is the table of what this package refuses. A program puts the rows of
// its own causes before it. Some keep a server
// from starting and are told to whoever starts it.
func Problems() Table {
	return append(loginProblems(), requestProblems()...)
}

func requestProblems() Table {
	return Table{
		{
			Cause: ErrRequestMalformed, Status: http.StatusBadRequest, Code: "request_malformed",
			Title: Text{"คำขอผิดรูปแบบ", "The request is malformed"},
			Remedy: Text{
				"ให้ผู้พัฒนาเว็บแก้คำขอ: ใช้ HTTP/1.1 ระบุ Host และ Origin อย่างละหนึ่งค่า",
				"The web developer must correct the request: HTTP/1.1, one Host, one Origin.",
			},
		},
		{
			Cause: ErrHostRefused, Status: http.StatusForbidden, Code: "host_refused",
			Title: Text{"ไม่รับชื่อเครื่องนี้", "This host name is refused"},
			Remedy: Text{
				"เปิดด้วย http://localhost, http://127.0.0.1 หรือ http://[::1] ตามด้วยพอร์ตของโปรแกรมเท่านั้น",
				"Use http://localhost, http://127.0.0.1 or http://[::1] with the port of chipproof, and nothing else.",
			},
		},
		{
			Cause: ErrNotFound, Status: http.StatusNotFound, Code: "not_found",
			Title:  Text{"ไม่มีที่อยู่นี้", "There is nothing at this address"},
			Remedy: Text{"ตรวจที่อยู่กับ /openapi.json", "Compare the address with /openapi.json."},
		},
		{
			Cause: ErrMethodRefused, Status: http.StatusMethodNotAllowed, Code: "method_refused",
			Title: Text{"ที่อยู่นี้ไม่รับเมธอดนี้", "This address does not take that method"},
			Remedy: Text{
				"ใช้เมธอดตาม /openapi.json การอ่านบัตรต้องใช้ POST เสมอ",
				"Use the method in /openapi.json. Reading a card is always a POST.",
			},
		},
		{
			Cause: ErrOriginRefused, Status: http.StatusForbidden, Code: "origin_refused",
			Title: Text{"เว็บไซต์นี้ยังไม่ได้รับอนุญาต", "This web site is not approved"},
			Remedy: Text{
				"ให้ผู้ดูแลระบบเพิ่ม origin ของเว็บไซต์นี้ให้ตรงทุกตัวอักษร",
				"Ask the administrator to approve the exact origin of this site.",
			},
		},
		{
			Cause: ErrContextRefused, Status: http.StatusForbidden, Code: "request_context_refused",
			Title: Text{"เรียกจากหน้าเว็บด้วยวิธีที่ไม่อนุญาต", "The page made this request in a way that is refused"},
			Remedy: Text{
				"เรียกด้วย fetch จากหน้าเว็บที่ได้รับอนุญาตโดยตรง ไม่ใช่รูปภาพ สคริปต์ ฟอร์ม หรือกรอบ (iframe)",
				"Call by fetch from the approved page itself, not by image, script, form or frame.",
			},
		},
		{
			Cause: ErrMediaTypeRefused, Status: http.StatusUnsupportedMediaType, Code: "media_type_refused",
			Title:  Text{"ชนิดข้อมูลไม่ใช่ JSON", "The body is not declared as JSON"},
			Remedy: Text{"ส่ง Content-Type: application/json", "Send Content-Type: application/json."},
		},
		{
			Cause: ErrThrottled, Status: http.StatusTooManyRequests, Code: "throttled",
			Title: throttledTitle(),
			Remedy: Text{
				"รอตามเวลาใน Retry-After แล้วลองอีกครั้ง",
				"Wait as long as Retry-After says, then try again.",
			},
		},
		{
			Cause: ErrBodyTooLarge, Status: http.StatusRequestEntityTooLarge, Code: "body_too_large",
			Title:  Text{"ข้อมูลในคำขอใหญ่เกินไป", "The body is too large"},
			Remedy: Text{"ส่งไม่เกิน 64 KiB", "Send 64 KiB at most."},
		},
		{
			Cause: ErrBodyInvalid, Status: http.StatusBadRequest, Code: "body_invalid",
			Title: Text{"ข้อมูลในคำขอไม่ถูกต้อง", "The body is invalid"},
			Remedy: Text{
				"ส่ง JSON ตาม /openapi.json: ชื่อฟิลด์ตรงตัวพิมพ์ ไม่ซ้ำ ไม่มีฟิลด์อื่น",
				"Send JSON as in /openapi.json: members by their exact names, none twice, none besides.",
			},
			Field: bodyField,
		},
		{
			Cause: ErrStopping, Status: http.StatusServiceUnavailable, Code: "agent_stopping",
			Title:  Text{"โปรแกรมกำลังปิด", "chipproof is being stopped"},
			Remedy: Text{"เปิดโปรแกรมใหม่แล้วลองอีกครั้ง", "Start chipproof again, then try again."},
		},
		{
			Cause: ErrAddressRefused, Code: "address_refused",
			Title: Text{"เปิดรับที่อยู่นี้ไม่ได้", "This address cannot be listened on"},
			Remedy: Text{
				"ใช้ localhost:พอร์ต, 127.0.0.1:พอร์ต หรือ [::1]:พอร์ต เท่านั้น ไม่มีทางเปิดให้เครื่องอื่นเรียก",
				"Use localhost:PORT, 127.0.0.1:PORT or [::1]:PORT. There is no way to open it to other machines.",
			},
		},
		{
			Cause: ErrPortTaken, Code: "port_taken",
			Title: Text{"พอร์ตนี้มีโปรแกรมอื่นใช้อยู่", "Another program uses this port"},
			Remedy: Text{
				"ปิดโปรแกรมที่ใช้พอร์ตนี้ (ถ้าเป็น chipproof อีกตัวให้ใช้ตัวนั้น) หรือระบุพอร์ตอื่นด้วย --listen",
				"Stop the program that uses it (if that is another chipproof, use that one), or name another port with --listen.",
			},
		},
		{
			Cause: ErrOriginInvalid, Status: http.StatusUnprocessableEntity, Code: "origin_invalid",
			Title: Text{"origin นี้อนุญาตไม่ได้", "This origin cannot be approved"},
			Remedy: Text{
				"ระบุเป็น https://ชื่อเว็บ ตามที่เบราว์เซอร์ส่งจริง ไม่มี / ท้าย ไม่มีเส้นทาง ไม่มี * (โหมดทดสอบใช้ http://localhost:พอร์ต ได้)",
				"Give https://host exactly as browsers send it: no trailing slash, no path, no pattern (in test mode also http://localhost:PORT).",
			},
		},
	}
}

func internalError() Row {
	return Row{
		Status: http.StatusInternalServerError, Code: "internal_error",
		Title: Text{"โปรแกรมทำงานผิดพลาด", "Something went wrong inside chipproof"},
		Remedy: Text{
			"ลองอีกครั้ง หากยังเป็นเหมือนเดิมให้แจ้งผู้ดูแลระบบพร้อมเลขคำขอ (request_id)",
			"Try once more. If it stays, give the administrator the request_id.",
		},
	}
}
