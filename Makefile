# Every target calls a script; scripts/ is the home of the logic.
#   make run     serve the suite with demo data     PORT=8069 DB=exception_desk MODULES=a,b FRESH=1
#   make test    all tests, or a part of them       ARGS="-k sla" JOBS=2
#   make lint    ruff, pylint-odoo, XML, eslint, prettier
#   make bench   measure the promises               ARGS=...
#   make faults  kill processes while events come   ARGS="--only worker"
#   make replay  load real orders and sweep them    DATA=folder OUT=file.json DB=exception_replay
#   make pot     export the addons' translation templates
#   make events  write docs/events.md from contracts and schemas
#   make n8n     n8n with the workflow templates, beside make run    N8N_PORT=5678 DESK=... DB=...
#   make test-n8n      the templates against a real n8n and a served desk    ARGS=...
#   make n8n-pictures  take the pictures of the templates anew
#   make stop    stop what an interrupted command left running
PYTHON ?= python3

.PHONY: run test lint bench faults replay pot events n8n test-n8n n8n-pictures stop
run test lint bench faults replay pot events n8n test-n8n n8n-pictures stop:
	@$(PYTHON) scripts/$@.py
