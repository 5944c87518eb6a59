package cockpit.testengine;

import org.springframework.beans.BeanWrapperImpl;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;

/** HTTP Basic for the REST interface, turned on by {@code --rest.auth=true}. */
@Configuration
@ConditionalOnProperty("rest.auth")
class RestAuthentication {
  private static final String OPERATON = "org.operaton.bpm.engine.rest.security.auth.";
  private static final String CAMUNDA = "org.camunda.bpm.engine.rest.security.auth.";

  /** Both engines have the filter under the same name in packages of their own; one of them is on the class path. */
  @Bean
  FilterRegistrationBean<?> basicAuthentication() throws ReflectiveOperationException {
    ClassLoader loader = getClass().getClassLoader();
    String vendor = ClassUtils.isPresent(OPERATON + "ProcessEngineAuthenticationFilter", loader) ? OPERATON : CAMUNDA;
    Class<?> filter = loader.loadClass(vendor + "ProcessEngineAuthenticationFilter");
    var registration = new FilterRegistrationBean<>();
    // By its name, since the filter's type is javax.servlet's before Spring Boot 3 and jakarta.servlet's from then on.
    new BeanWrapperImpl(registration).setPropertyValue("filter", filter.getDeclaredConstructor().newInstance());
    registration.addUrlPatterns("/engine-rest/*");
    registration.addInitParameter("authentication-provider", vendor + "impl.HttpBasicAuthenticationProvider");
    return registration;
  }
}
