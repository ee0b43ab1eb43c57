package org.powersync.jakarta.web;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Lets browsers of any origin use the API and see the status of every answer, errors included (sync
 * API section 1.6).
 */
@WebFilter(
    urlPatterns = "/*",
    asyncSupported = true,
    dispatcherTypes = {DispatcherType.REQUEST, DispatcherType.ERROR})
public class CorsFilter extends HttpFilter {
  private static final long serialVersionUID = 1L;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Access-Control-Expose-Headers", "Content-Type");
    if (request.getMethod().equals("OPTIONS")) {
      answerPreflight(request, response);
    } else {
      chain.doFilter(request, response);
    }
  }

  private static void answerPreflight(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (request.getHeader("Origin") == null
        || request.getHeader("Access-Control-Request-Method") == null) {
      response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
      response.setContentType("text/plain");
      response.getOutputStream().print("Invalid Preflight Request");
      return;
    }
    response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    response.setHeader("Access-Control-Allow-Methods", "GET,HEAD,POST");
    response.setHeader(
        "Access-Control-Allow-Headers", "Content-Type, Authorization, User-Agent, X-User-Agent");
    response.setHeader("Access-Control-Max-Age", "3600");
  }
}
