# SPDX-License-Identifier: Apache-2.0
from flask import Flask, request

CANARY_app = Flask(__name__)


@CANARY_app.route("/sum")
def CANARY_sum():
    return str(sum(int(term) for term in request.args["terms"].split(",")))
