package org.powersync.jakarta.web;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;

/** The error page of paths that do not exist: the same document as every error of the API. */
@WebServlet(urlPatterns = "/not-found", asyncSupported = true)
public class RouteNotFoundServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    ErrorAnswer answer = ErrorAnswer.routeNotFound();
    Exchange.writeJson(request, response, answer.status(), Map.of("error", answer.error()));
  }
}
