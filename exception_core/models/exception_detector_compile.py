import psycopg2

from odoo import SUPERUSER_ID, _, api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from ..tools.domain_names import DOMAIN_NAMES, check_domain_text, domain_names
from ..tools.hits import HIT_COLUMNS, REQUIRED_COLUMNS, HitRequest, select_columns

# How the ORM, a query of an addon or the database says that a definition is none.
PLAN_ERRORS = (psycopg2.Error, ValueError, TypeError, LookupError, AttributeError)


class ExceptionDetectorCompile(models.Model):
    """From a detector's definition to one select of the hit contract."""

    _inherit = "exception.detector"

    # ------------------------------------------------------------------
    # the select
    # ------------------------------------------------------------------

    def _hit_source(self, now, override=None, step=None):
        """Compile the detector to one select over all companies.

        :param datetime now: naive UTC instant that "now" means
        :param dict override: parameter name → value to try instead, for every company
        :param str step: judge records as if they had taken this step
        :return: (SQL select, tuple of the columns it has)
        """
        self.ensure_one()
        engine = self._as_engine()
        columns = engine._columns()
        branches = [
            engine._company_branch(engine._compile(now, params, step), companies, others)
            for params, companies, others in engine._parameter_sets(override)
        ]
        return self._union(branches, columns), columns

    def _union(self, branches, columns):
        """Join the selects of companies with values of their own to one."""
        if len(branches) == 1:
            return branches[0]
        names = SQL(", ").join(SQL.identifier("hit", name) for name in columns)
        branches = [SQL("SELECT %s FROM (%s) AS hit", names, branch) for branch in branches]
        return SQL(" UNION ALL ").join(branches)

    def _as_engine(self):
        """Return self as the superuser without any context of the caller.

        sudo: record rules must not hide hits from a sweep; what may be read was checked against
        the person who configured the detector.
        """
        if self.env.uid == SUPERUSER_ID and self.env.su and not self.env.context:
            return self
        return self.with_env(self.env(user=SUPERUSER_ID, su=True, context={}))

    def _company_branch(self, source, companies, others):
        if not companies and not others:
            return source
        test = SQL("= ANY(%s)", companies) if companies else SQL("<> ALL(%s)", others)
        # a hit without a company gets the detector's, and is judged by that one's parameters
        company = SQL("COALESCE(hit.company_id, %s)", self.company_id.id)
        return SQL("SELECT * FROM (%s) AS hit WHERE %s %s", source, company, test)

    def _parameter_sets(self, override=None):
        """Group companies by their parameter values.

        :return: list of (params, company ids, ids of companies with values of their own); the
            first is the default with no company ids
        """
        default = {p.name: p._parse(p.value) for p in self.parameter_ids}
        default.update(override or {})
        by_company = {}
        for line in self.parameter_ids.value_ids:
            parameter = line.parameter_id
            if parameter.name not in (override or {}):
                own = by_company.setdefault(line.company_id.id, dict(default))
                own[parameter.name] = parameter._parse(line.value)
        groups = {}
        for company_id, params in by_company.items():
            groups.setdefault(tuple(sorted(params.items())), []).append(company_id)
        own = [(dict(params), companies, []) for params, companies in groups.items()]
        return [(default, [], sorted(by_company)), *own]

    def _compile(self, now, params, step=None):
        if self.source == "query":
            request = HitRequest(self.env, now, params, step)
            return self.env["exception.query"]._build(self.query, request)
        return self._compile_domain(now, params, step)

    def _columns(self):
        """Return the contract columns that the detector's select has."""
        if self.source == "query":
            return self._query_columns(self.query, self._query_defaults())
        return tuple(HIT_COLUMNS)

    def _query_defaults(self):
        return tuple((p.name, p._parse(p.value)) for p in self.parameter_ids)

    @tools.ormcache("query", "defaults")
    def _query_columns(self, query, defaults):
        """Ask the database once which columns a released query returns."""
        request = HitRequest(self.env, fields.Datetime.now(), dict(defaults))
        source = self.env["exception.query"]._build(query, request)
        self.env.cr.execute(SQL("SELECT * FROM (%s) AS hit LIMIT 0", source))
        columns = tuple(column.name for column in self.env.cr.description)
        missing = [name for name in REQUIRED_COLUMNS if name not in columns]
        if missing:
            raise ValidationError(
                _(
                    "The query “%(query)s” lacks the columns %(columns)s of the hit contract.",
                    query=query,
                    columns=", ".join(missing),
                )
            )
        return columns

    @api.model
    def _contract_columns(self):
        """Return column → SQL type of the hit contract with the dimensions of the bridges."""
        case = self.env["exception.case"]
        return HIT_COLUMNS | {name: "integer" for name in case._dimension_fields()}

    def _detail_select(self, now, override=None, step=None):
        """Select hits with all columns of the contract, absent ones as NULL."""
        source, columns = self._hit_source(now, override, step)
        return select_columns(source, columns, self._contract_columns())

    # ------------------------------------------------------------------
    # domain detectors
    # ------------------------------------------------------------------

    def _compile_domain(self, now, params, step=None):
        model = self.env[self.model_id.model]
        domain = self._as_if_taken(model, self._evaluate_domain(now, params), step)
        query = model._where_calc(domain)
        amount, currency = self._amount_to_sql(model, query)
        columns = {
            "res_id": SQL.identifier(query.table, "id"),
            "company_id": self._company_to_sql(model, query),
            "fingerprint": SQL("''"),
            "partner_id": self._optional_to_sql(model, query, self.partner_field, "integer"),
            "amount": amount,
            "currency_id": currency,
            "occurred_at": self._optional_to_sql(model, query, self.date_field, "timestamp"),
            "facts": self._facts_to_sql(model, query),
        }
        return query.select(
            *(SQL("%s AS %s", value, SQL.identifier(name)) for name, value in columns.items())
        )

    def _evaluate_domain(self, now, params, text=None):
        """Return the domain with its names replaced by values.

        :param str text: the domain, where the caller has it already
        :raise ValidationError: when it is no domain or uses an unknown name
        """
        text = (self.domain if text is None else text) or "[]"
        # a save reads no detector, so its zone is looked up only where calendar days count
        zone = self.time_zone if "today" in text or "start_of_day" in text else None
        names = domain_names(now, zone) | params
        try:
            check_domain_text(text, params)
            domain = safe_eval(text, names)
            if not isinstance(domain, list):
                raise ValueError(_("a condition is a list"))
            return domain
        except Exception as error:
            raise ValidationError(
                _(
                    "The condition of “%(detector)s” cannot be evaluated: %(error)s. It may use "
                    "its parameters (%(parameters)s) and %(names)s.",
                    detector=self.name,
                    error=error,
                    parameters=", ".join(sorted(params)) or _("none"),
                    names=", ".join(DOMAIN_NAMES),
                )
            ) from error

    def _optional_to_sql(self, model, query, path, sql_type):
        if not path:
            return SQL("CAST(NULL AS %s)", SQL(sql_type))
        return SQL("CAST(%s AS %s)", self._path_to_sql(model, query, path)[0], SQL(sql_type))

    def _company_to_sql(self, model, query):
        """A case always has a company: the record's, else the detector's own."""
        path = self.company_field
        if not path or (path == "company_id" and "company_id" not in model._fields):
            return SQL("CAST(%s AS integer)", self.company_id.id)
        return SQL("COALESCE(%s, %s)", self._path_to_sql(model, query, path)[0], self.company_id.id)

    def _amount_to_sql(self, model, query):
        if not self.amount_field:
            return SQL("CAST(NULL AS numeric)"), SQL("CAST(NULL AS integer)")
        amount, field = self._path_to_sql(model, query, self.amount_field)
        currency_path = self.currency_field
        if not currency_path and field.type == "monetary":
            owner = self.env[field.model_name]
            prefix = self.amount_field.split(".")[:-1]
            currency_path = ".".join([*prefix, field.get_currency_field(owner) or ""]).strip(".")
        currency = self._optional_to_sql(model, query, currency_path, "integer")
        return SQL("CAST(%s AS numeric)", amount), currency

    def _facts_to_sql(self, model, query):
        pairs = []
        for fact in self.fact_ids.filtered("path"):
            path = self._readable_path(model, fact.path)
            value = self._path_to_sql(model, query, path)[0]
            pairs.append(SQL("%s::text, %s", fact.key, value))
        return SQL("jsonb_build_object(%s)", SQL(", ").join(pairs)) if pairs else SQL("NULL::jsonb")

    def _readable_path(self, model, path):
        """Lead a path that ends at a record on to the record's name, when that is stored."""
        last = self._walk_path(model._name, path)[-1]
        if last.type != "many2one":
            return path
        comodel = self.env[last.comodel_name]
        name = comodel._rec_name
        stored = name and comodel._fields[name].store
        return f"{path}.{name}" if stored else path

    # ------------------------------------------------------------------
    # checks when configured
    # ------------------------------------------------------------------

    @api.constrains(
        "domain",
        "source",
        "query",
        "model_id",
        "amount_field",
        "currency_field",
        "partner_field",
        "date_field",
        "company_field",
        "fact_ids",
        "parameter_ids",
    )
    def _check_definition(self):
        """Compile each detector and let the database plan it, so that errors show when configured.

        :raise ValidationError: with what is wrong and which field it is about
        """
        for detector in self:
            if detector.source == "domain":
                detector._check_domain_definition()
            detector._check_plan()

    def _check_domain_definition(self):
        params = self._parameter_sets()[0][0]
        model_name = self.model_id.model
        if not self.env[model_name]._auto or self.env[model_name]._abstract:
            raise ValidationError(_("%s has no records of its own to check.", self.model_id.name))
        self._check_model(self.env[model_name])
        domain = self._evaluate_domain(fields.Datetime.now(), params)
        try:
            self._check_domain_paths(model_name, domain)
        except (TypeError, IndexError, AttributeError) as error:
            raise ValidationError(_("This is no condition: %s", domain)) from error
        expected = {"partner_field": "res.partner", "currency_field": "res.currency"}
        expected["company_field"] = "res.company"
        for name in ("amount_field", "date_field", *expected):
            path = self[name]
            if not path or (name == "company_field" and path == "company_id"):
                continue
            last = self._walk_path(model_name, path)[-1]
            wanted = expected.get(name)
            if wanted and last.comodel_name != wanted:
                raise ValidationError(
                    _(
                        "“%(path)s” of %(model)s is no %(wanted)s.",
                        path=path,
                        model=self.model_id.name,
                        wanted=self.env[wanted]._description,
                    )
                )
            if name == "amount_field" and last.type not in ("float", "integer", "monetary"):
                raise ValidationError(_("The amount must be a number; “%s” is none.", path))
            if name == "date_field" and last.type not in ("date", "datetime"):
                raise ValidationError(_("“%s” is neither a date nor a time.", path))
        for fact in self.fact_ids.filtered("path"):
            self._walk_path(model_name, fact.path)

    def _check_plan(self):
        try:
            with self.env.cr.savepoint():
                select = self._detail_select(fields.Datetime.now())
                self.env.cr.execute(SQL("SELECT * FROM (%s) AS probe LIMIT 0", select))
        except PLAN_ERRORS as error:
            raise ValidationError(
                _(
                    "The database cannot evaluate “%(detector)s”: %(error)s",
                    detector=self.name,
                    error=error,
                )
            ) from error
