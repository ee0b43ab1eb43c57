package org.powersync.jakarta.config;

import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import java.util.List;
import java.util.Optional;
import java.util.logging.Logger;
import org.powersync.jakarta.config.ConfigurationResult.Loaded;
import org.powersync.jakarta.config.ConfigurationResult.Rejected;
import org.powersync.jakarta.connection.document.ConfigurationProblem;
import org.powersync.jakarta.connection.document.ConfigurationProblems;
import org.powersync.jakarta.error.PowerSyncException;

/**
 * The configuration of this process, loaded once at first use. Exists even if it is wrong, so that
 * health can say why; who needs it calls {@link #require} or injects {@link PowerSyncConfiguration}
 * where a failure may end the caller's creation.
 */
@ApplicationScoped
public class ServiceConfiguration {
  private static final Logger LOG = Logger.getLogger(ServiceConfiguration.class.getName());

  private ConfigurationResult result;

  /** Loads the configuration; called by the container. */
  @PostConstruct
  void load() {
    result = ConfigurationLoader.ofProcess().load();
    warnings().forEach(problem -> LOG.warning(problem::toString));
    problems().forEach(problem -> LOG.severe(problem::toString));
  }

  /** The command this process was started for; empty when it runs the service. */
  public Optional<String> command() {
    return ConfigurationReader.command(System::getenv);
  }

  /** What loading led to. */
  public ConfigurationResult result() {
    return result;
  }

  /** Why there is no configuration; empty if there is one. */
  public List<ConfigurationProblem> problems() {
    return result instanceof Rejected rejected ? rejected.errors() : List.of();
  }

  /** What the operator should look at, whether or not there is a configuration. */
  public List<ConfigurationProblem> warnings() {
    return result instanceof Rejected rejected
        ? rejected.warnings()
        : ((Loaded) result).configuration().warnings();
  }

  /**
   * The configuration.
   *
   * @throws PowerSyncException naming every problem, if there is none
   */
  @Produces
  @Dependent
  public PowerSyncConfiguration require() {
    if (result instanceof Loaded loaded) {
      return loaded.configuration();
    }
    throw ConfigurationProblems.exception(problems());
  }
}
